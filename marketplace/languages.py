"""Languages people speak with each other at work; British Sign Language is a competency, as it is learnt and proved.

The list is English, Welsh and those that most people named as their main language at the 2021 census of England
and Wales (Office for National Statistics, table TS024), with Ukrainian, which many have come to speak here since.
"""

from enum import StrEnum


class Language(StrEnum):
    """ISO 639-1 codes; Cantonese and Mandarin, which have none of their own there, by ISO 639-3."""

    ENGLISH = "en"
    WELSH = "cy"
    AKAN = "ak"
    ALBANIAN = "sq"
    AMHARIC = "am"
    ARABIC = "ar"
    BENGALI = "bn"
    BULGARIAN = "bg"
    CANTONESE = "yue"
    CZECH = "cs"
    DUTCH = "nl"
    FARSI = "fa"
    FRENCH = "fr"
    GERMAN = "de"
    GREEK = "el"
    GUJARATI = "gu"
    HINDI = "hi"
    HUNGARIAN = "hu"
    ITALIAN = "it"
    JAPANESE = "ja"
    KURDISH = "ku"
    LATVIAN = "lv"
    LITHUANIAN = "lt"
    MALAYALAM = "ml"
    MANDARIN = "cmn"
    NEPALI = "ne"
    PASHTO = "ps"
    POLISH = "pl"
    PORTUGUESE = "pt"
    PUNJABI = "pa"
    ROMANIAN = "ro"
    RUSSIAN = "ru"
    SHONA = "sn"
    SINHALA = "si"
    SLOVAK = "sk"
    SOMALI = "so"
    SPANISH = "es"
    SWAHILI = "sw"
    TAGALOG = "tl"
    TAMIL = "ta"
    TELUGU = "te"
    THAI = "th"
    TIGRINYA = "ti"
    TURKISH = "tr"
    UKRAINIAN = "uk"
    URDU = "ur"
    VIETNAMESE = "vi"
    YIDDISH = "yi"
    YORUBA = "yo"


#: What people read.
NAMES: dict[str, str] = {language: language.name.title() for language in Language}
#: Other names that people write for some of them.
ALSO: dict[str, Language] = {
    "Bangla": Language.BENGALI,
    "Sylheti": Language.BENGALI,
    "Filipino": Language.TAGALOG,
    "Panjabi": Language.PUNJABI,
    "Persian": Language.FARSI,
    "Twi": Language.AKAN,
}
