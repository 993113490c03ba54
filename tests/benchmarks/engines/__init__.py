"""What a search is measured beside: the same question answered, exactly, by what else could have been used."""
