"""Who fits whom, both ways, and why: values in, values out. Sees no database, web, money or clock."""
