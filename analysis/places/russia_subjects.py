"""The federal subjects of Russia: GeoNames' code, English name, federal district, residents by the census of 2021.

Source: Federal State Statistics Service (Rosstat), All-Russian Population Census 2021, volume 1. Crimea and
Sevastopol, which the census counts, are left out: under international law they are Ukraine's.
"""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """A region of the first level."""

    name: str
    district: str
    residents: int


SUBJECTS: dict[str, Subject] = {
    "09": Subject("Belgorod region", "Central", 1_540_486),
    "10": Subject("Bryansk region", "Central", 1_169_161),
    "83": Subject("Vladimir region", "Central", 1_348_134),
    "86": Subject("Voronezh region", "Central", 2_308_792),
    "21": Subject("Ivanovo region", "Central", 927_828),
    "25": Subject("Kaluga region", "Central", 1_069_904),
    "37": Subject("Kostroma region", "Central", 580_976),
    "41": Subject("Kursk region", "Central", 1_082_458),
    "43": Subject("Lipetsk region", "Central", 1_143_224),
    "48": Subject("Moscow", "Central", 13_010_112),
    "47": Subject("Moscow region", "Central", 8_524_665),
    "56": Subject("Oryol region", "Central", 713_374),
    "62": Subject("Ryazan region", "Central", 1_102_810),
    "69": Subject("Smolensk region", "Central", 888_421),
    "72": Subject("Tambov region", "Central", 982_991),
    "77": Subject("Tver region", "Central", 1_230_171),
    "76": Subject("Tula region", "Central", 1_501_214),
    "88": Subject("Yaroslavl region", "Central", 1_209_811),
    "28": Subject("Karelia", "Northwestern", 533_121),
    "34": Subject("Komi", "Northwestern", 737_853),
    "06": Subject("Arkhangelsk region", "Northwestern", 978_873),
    "50": Subject("Nenets area", "Northwestern", 41_434),
    "85": Subject("Vologda region", "Northwestern", 1_142_827),
    "23": Subject("Kaliningrad region", "Northwestern", 1_029_966),
    "42": Subject("Leningrad region", "Northwestern", 2_000_997),
    "49": Subject("Murmansk region", "Northwestern", 667_744),
    "52": Subject("Novgorod region", "Northwestern", 583_387),
    "60": Subject("Pskov region", "Northwestern", 599_084),
    "66": Subject("Saint Petersburg", "Northwestern", 5_601_911),
    "01": Subject("Adygea", "Southern", 496_934),
    "24": Subject("Kalmykia", "Southern", 267_133),
    "38": Subject("Krasnodar territory", "Southern", 5_838_273),
    "07": Subject("Astrakhan region", "Southern", 960_142),
    "84": Subject("Volgograd region", "Southern", 2_500_781),
    "61": Subject("Rostov region", "Southern", 4_200_729),
    "17": Subject("Dagestan", "North Caucasian", 3_182_054),
    "19": Subject("Ingushetia", "North Caucasian", 509_541),
    "22": Subject("Kabardino-Balkaria", "North Caucasian", 904_200),
    "27": Subject("Karachay-Cherkessia", "North Caucasian", 469_865),
    "68": Subject("North Ossetia", "North Caucasian", 687_357),
    "12": Subject("Chechnya", "North Caucasian", 1_510_824),
    "70": Subject("Stavropol territory", "North Caucasian", 2_907_593),
    "08": Subject("Bashkortostan", "Volga", 4_091_423),
    "45": Subject("Mari El", "Volga", 677_097),
    "46": Subject("Mordovia", "Volga", 783_552),
    "73": Subject("Tatarstan", "Volga", 4_004_809),
    "80": Subject("Udmurtia", "Volga", 1_452_914),
    "16": Subject("Chuvashia", "Volga", 1_186_909),
    "90": Subject("Perm territory", "Volga", 2_532_405),
    "33": Subject("Kirov region", "Volga", 1_153_680),
    "51": Subject("Nizhny Novgorod region", "Volga", 3_119_115),
    "55": Subject("Orenburg region", "Volga", 1_862_767),
    "57": Subject("Penza region", "Volga", 1_266_348),
    "65": Subject("Samara region", "Volga", 3_172_925),
    "67": Subject("Saratov region", "Volga", 2_442_575),
    "81": Subject("Ulyanovsk region", "Volga", 1_196_745),
    "40": Subject("Kurgan region", "Ural", 776_661),
    "71": Subject("Sverdlovsk region", "Ural", 4_268_998),
    "78": Subject("Tyumen region", "Ural", 1_601_940),
    "32": Subject("Khanty-Mansi area", "Ural", 1_711_480),
    "87": Subject("Yamal-Nenets area", "Ural", 510_490),
    "13": Subject("Chelyabinsk region", "Ural", 3_431_224),
    "03": Subject("Altai Republic", "Siberian", 210_924),
    "79": Subject("Tuva", "Siberian", 336_651),
    "31": Subject("Khakassia", "Siberian", 534_795),
    "04": Subject("Altai territory", "Siberian", 2_163_693),
    "91": Subject("Krasnoyarsk territory", "Siberian", 2_856_971),
    "20": Subject("Irkutsk region", "Siberian", 2_370_102),
    "29": Subject("Kemerovo region", "Siberian", 2_600_923),
    "53": Subject("Novosibirsk region", "Siberian", 2_797_176),
    "54": Subject("Omsk region", "Siberian", 1_858_798),
    "75": Subject("Tomsk region", "Siberian", 1_062_666),
    "11": Subject("Buryatia", "Far Eastern", 978_588),
    "63": Subject("Yakutia", "Far Eastern", 995_686),
    "93": Subject("Transbaikal territory", "Far Eastern", 1_004_125),
    "92": Subject("Kamchatka territory", "Far Eastern", 291_705),
    "59": Subject("Primorye territory", "Far Eastern", 1_845_165),
    "30": Subject("Khabarovsk territory", "Far Eastern", 1_292_944),
    "05": Subject("Amur region", "Far Eastern", 766_912),
    "44": Subject("Magadan region", "Far Eastern", 136_085),
    "64": Subject("Sakhalin region", "Far Eastern", 466_609),
    "89": Subject("Jewish Autonomous region", "Far Eastern", 150_453),
    "15": Subject("Chukotka area", "Far Eastern", 47_490),
}
