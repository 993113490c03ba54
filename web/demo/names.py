"""Names put together by chance from lists, as mixed as Nottinghamshire is; nobody real is meant.

Surnames that have a form for men and one for women are left out, and those known with one of the first names.
"""

import random
import unicodedata
from collections import Counter

from web.settings import DEMO_DOMAIN

# How many in a hundred, first names, last names. People marry across these lists, and so do names, see ACROSS.
_LISTS = (
    (
        72,
        """
        Abigail Adam Alan Alison Amy Andrew Angela Anna Anthony Barbara Ben Beth Brenda Brian Callum Carol Caroline
        Catherine Charlotte Chloe Chris Christine Claire Colin Craig Daniel Dawn Debbie Dean Diane Donna Dorothy
        Eileen Elaine Ellie Emily Emma Gareth Gary Gemma Geoff Georgia Graham Hannah Hazel Heather Helen Holly Ian
        Jack Jade Jake Janet Jason Jean Jenny Jessica Joanne Jodie Josh Joyce Judith Julie Karen Kate Keith Kelly
        Kerry Kevin Kieran Kirsty Laura Lauren Leanne Lee Lesley Liam Linda Lindsey Lorraine Louise Lucy Luke Lynn
        Malcolm Margaret Maria Marie Martin Matthew Megan Michelle Molly Nathan Natalie Neil Nicola Nigel Olivia
        Pamela Patricia Paula Peter Philip Rachel Rebecca Richard Robert Rosie Ruth Ryan Sally Samantha Sandra Sarah
        Scott Sharon Sheila Shirley Simon Siân Sophie Stacey Stephen Stuart Sue Susan Tina Tom Tracey Trevor Valerie
        Vicky Wendy Yvonne Zoë
        """,
        """
        Adcock Allsop Annable Ashmore Atkin Bagshaw Beardsley Bestwick Birch Blatherwick Bostock Brooks Burrows
        Calladine Clay Clements Clifton Coupe Cresswell Crofts Dale Daykin Dennis Dobson Draycott Eyre Fearn Fisher
        Flint Fretwell Gelsthorpe Gill Godber Goddard Grainger Hallam Hardstaff Hardwick Harrison Haslam Hather
        Haywood Hibbert Hickling Hill Hopkinson Housley Hucknall Jepson Kirk Knowles Lacey Lamb Leivers Limb Longden
        Lovatt Machin Marriott Marsden Mee Mellors Milner Naylor Newton Oldham Orchard Otter Oxley Palethorpe Parkin
        Paulson Peat Pinder Platts Plumb Pritchard Radford Raynor Renshaw Revill Richmond Rose Rowbotham Saxton
        Severn Shelton Shipley Simms Slack Spencer Stendall Swain Tagg Tansley Tomlinson Towle Turton Unwin Wain Wass
        Whysall Widdowson Wilkinson Winfield Woolley Wragg
        """,
    ),
    (
        5,
        """
        Aaliyah Aisha Amina Asif Bilal Fatima Hamza Humaira Kamal Nadia Naveed Noor Parveen Rukhsana Sadia Salma
        Samina Shabana Shazia Tariq Usman Yasmin Zainab Zara
        """,
        """
        Ahmed Akhtar Ali Anwar Aziz Bashir Bhatti Chaudhry Dar Hussain Iqbal Khan Malik Qureshi Rafiq Rashid Saleem
        Yousaf
        """,
    ),
    (
        4,
        """
        Anita Anjali Arjun Deepa Gurpreet Harjit Ishaan Jasvinder Kiran Manjit Meena Nisha Pooja Priya Rajesh Ravi
        Sanjay Simran Sunita Usha Vikram
        """,
        """
        Atwal Bains Chana Dhaliwal Dhillon Gill Johal Joshi Kumar Mistry Nair Parmar Patel Rana Sandhu Sharma Sidhu
        Sohal Solanki Virk
        """,
    ),
    (
        4,
        """
        Andre Beverley Chantelle Cynthia Delroy Desmond Everton Gloria Jermaine Joy Leroy Lloyd Marcia Mavis Monique
        Norma Shanice Sonia Winston Yvette
        """,
        """
        Bailey Blake Campbell Clarke Douglas Grant Hinds Morrison Pinnock Reid Samuels Stewart Wallace
        """,
    ),
    (
        4,
        """
        Abena Ade Amara Ayodele Blessing Chidi Damilola Efua Emeka Esther Faith Femi Folake Funmi Grace Ifeoma Kemi
        Kofi Kwame Mercy Ngozi Patience Sade Tunde Yaw
        """,
        """
        Abiola Adeyemi Agyeman Amoah Asante Balogun Boateng Chukwu Eze Kamara Mensah Nwosu Obi Ofori Ogunleye Ojo
        Okafor Okonkwo Osei Owusu Oyelaran Uche
        """,
    ),
    (
        2,
        """
        Comfort Memory Nomsa Peace Precious Rudo Ruth Tafadzwa Tatenda Tendai Thandiwe Zodwa
        """,
        """
        Banda Chikwanha Dlamini Dube Mapfumo Moyo Mutasa Ncube Ndlovu Sibanda Tshuma
        """,
    ),
    (
        6,
        """
        Agnieszka Aleksandra Andrei Anna Beata Bogdan Danuta Dorota Elena Ewa Gabriela Grzegorz Ioana Iwona Jakub
        Jolanta Justyna Kamil Katarzyna Kinga Łukasz Małgorzata Magda Marek Mihaela Michał Monika Natalia Oksana
        Paweł Piotr Raluca Renata Tomasz Urszula Wiesława Wojciech Zofia
        """,
        """
        Adamczyk Bąk Ciobanu Duda Dumitru Kaczmarek Kravchenko Król Kubiak Lis Majcher Marinescu Mazur Mikołajczyk
        Moldovan Nowak Pawlak Popa Rusu Sikora Stępień Szulc Walczak Wieczorek Wójcik Wrona Zając
        """,
    ),
    (
        3,
        """
        Analyn Bao Cheng Chun Divina Erlinda Fiona Hana Hoa Hui Jia Jocelyn Kit Lan Lin Ling Mai Maricel Mei Minh
        Nilda Phuong Rosalie Rowena Thanh Wai Winnie Yan Ying
        """,
        """
        Aquino Bautista Chan Chen Cheung Chow Cruz Dang Domingo Fung Huang Kwok Lai Lam Lau Leung Li Lim Mendoza
        Nguyen Pascual Pham Ramos Reyes Santos Tang Tran Tse Valdez Vu Wong Wu Yip Yuen Zhang
        """,
    ),
)
# Whose first name is mostly a man's; the rest are mostly women's.
_MENS = """
    Adam Ade Alan Andre Andrei Andrew Anthony Arjun Asif Ayodele Bao Ben Bilal Bogdan Brian Callum Cheng Chidi Chris
    Colin Craig Daniel Dean Delroy Desmond Emeka Everton Femi Gareth Gary Geoff Graham Grzegorz Hamza Harjit Ian
    Ishaan Jack Jake Jakub Jason Jermaine Josh Kamal Kamil Keith Kevin Kieran Kofi Kwame Lee Leroy Liam Lloyd Luke
    Łukasz Malcolm Marek Martin Matthew Michał Minh Nathan Naveed Neil Nigel Paweł Peter Philip Piotr Rajesh Ravi
    Richard Robert Ryan Sanjay Scott Simon Stephen Stuart Tafadzwa Tariq Tatenda Thanh Tom Tomasz Trevor Tunde Usman
    Vikram Wai Winston Wojciech Yaw
    """
_MEN = frozenset(_MENS.split())
_SHARES = [share for share, _, _ in _LISTS]
_FIRST = [first.split() for _, first, _ in _LISTS]
_LAST = [last.split() for _, _, last in _LISTS]

#: How often somebody's two names come from different lists.
ACROSS = 0.06

# Unicode takes the accent off "ą" but knows no plain letter under these.
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o"})


def full_name(dice: random.Random) -> str:
    """A first and a last name."""
    (first,) = dice.choices(_FIRST, _SHARES)
    last = _LAST[_FIRST.index(first)]
    if dice.random() < ACROSS:
        (last,) = dice.choices(_LAST, _SHARES)
    return f"{dice.choice(first)} {dice.choice(last)}"


def is_mans(name: str) -> bool:
    """Whether a full name sounds like a man's; for made-up people only, nobody real is guessed about."""
    return name.split(maxsplit=1)[0] in _MEN


class Addresses:
    """Gives out e-mail addresses by name, each once: ewa.lis@, then ewa.lis2@ and so on."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        """A new address for somebody of this name, in plain small letters."""
        local = ".".join(_plain(part) for part in name.split())
        self._given[local] += 1
        nth = self._given[local]
        return f"{local}{nth if nth > 1 else ''}@{DEMO_DOMAIN}"


def _plain(part: str) -> str:
    apart = unicodedata.normalize("NFKD", part.translate(_PLAIN).lower())
    return "".join(letter for letter in apart if letter in "abcdefghijklmnopqrstuvwxyz")
