"""Names of people, companies and streets, and what else there is to choose from.

Each list has as many as there are numbers of some bits, so that a choice is a few random bits.
"""

# fmt: off
#: First names and last names.
PEOPLE = {
    "german": (
        [
            "Jonas", "Lena", "Felix", "Greta", "Jürgen", "Käthe", "Moritz", "Sophie", "Anton",
            "Marlene", "Björn", "Ulrike", "Lukas", "Heike", "Emil", "Nele",
        ],
        [
            "Hahn", "Albers", "Köhler", "Brandt", "Schäfer", "Lindner", "Vogt", "Weiß", "Krüger",
            "Busch", "Reuter", "Jäger", "Ebert", "Thoma", "Nowak", "Falk",
        ],
    ),
    "french": (
        [
            "Élodie", "Luc", "Chloé", "Antoine", "Zoé", "Rémi", "Camille", "Hugo", "Inès",
            "Mathis", "Anaïs", "Théo", "Margaux", "Jules", "Noémie", "Gaël",
        ],
        [
            "Delacroix", "Bénard", "Fontaine", "Lefèvre", "Moreau", "Perrin", "Roussel", "Girard",
            "Dupré", "Caron", "Blanchet", "Marchand", "Vidal", "Renaud", "Colin", "Aubry",
        ],
    ),
    "dutch": (
        [
            "Daan", "Fenna", "Bram", "Sanne", "Joris", "Lotte", "Ruben", "Femke", "Teun", "Maud",
            "Koen", "Noor", "Gijs", "Roos", "Sven", "Iris",
        ],
        [
            "Jansen", "Bakker", "Visser", "Mulder", "Dekker", "Brouwer", "Hendriks", "Kuipers",
            "Vos", "Peeters", "Koster", "Prins", "Schouten", "Willems", "Hoekstra", "Postma",
        ],
    ),
    "spanish": (
        [
            "Lucía", "Mateo", "Sofía", "Álvaro", "Carmen", "Íñigo", "Paula", "Diego", "Noelia",
            "Andrés", "Marta", "Joaquín", "Elena", "Raúl", "Nuria", "Pablo",
        ],
        [
            "Ortega", "Núñez", "Castillo", "Herrera", "Ibáñez", "Molina", "Peña", "Rojas",
            "Serrano", "Vega", "Domínguez", "Lozano", "Cano", "Prieto", "Gallego", "Marín",
        ],
    ),
    "italian": (
        [
            "Giulia", "Marco", "Chiara", "Luca", "Elisa", "Davide", "Sara", "Matteo", "Irene",
            "Paolo", "Alice", "Nicolò", "Anna", "Pietro", "Marta", "Enrico",
        ],
        [
            "Rossi", "Corvino", "Bianchi", "Ferrari", "Conti", "Greco", "Bruno", "Gallo", "Costa",
            "Rizzo", "Fontana", "Caruso", "Mancini", "Villa", "Serra", "Longo",
        ],
    ),
    "english": (
        [
            "Ada", "Oscar", "Ruby", "Callum", "Maeve", "Declan", "Hazel", "Theo", "Nora", "Elliot",
            "Siobhán", "Grace", "Miles", "Orla", "Jude", "Ivy",
        ],
        [
            "Winslow", "Marlow", "Bramley", "O'Brien", "Pemberton", "Granby", "Thornbury",
            "Maddox", "Underhill", "Fennimore", "Yarrow", "Elstree", "Saltmarsh", "Harlan", "Kerr",
            "Doyle",
        ],
    ),
    "nordic": (
        [
            "Astrid", "Björn", "Freja", "Håkan", "Ingrid", "Åke", "Saga", "Nils", "Elsa", "Lars",
            "Tuuli", "Väinö", "Aino", "Eero", "Siiri", "Onni",
        ],
        [
            "Lindqvist", "Åström", "Nordby", "Pettersson", "Sjöberg", "Ekström", "Virtanen",
            "Mäkinen", "Korhonen", "Lind", "Holm", "Dahl", "Öberg", "Lahti", "Niemi", "Heikkilä",
        ],
    ),
    "polish": (
        [
            "Zofia", "Łukasz", "Hanna", "Paweł", "Maja", "Wojciech", "Iga", "Szymon", "Ola",
            "Kacper", "Żaneta", "Marek", "Ewa", "Piotr", "Lena", "Adam",
        ],
        [
            "Kowal", "Zaleski", "Wójcik", "Nowicki", "Dąbrowska", "Zieliński", "Mazur", "Krawczyk",
            "Pawlak", "Górska", "Sikora", "Bąk", "Wrona", "Lis", "Jasińska", "Duda",
        ],
    ),
    "japanese": (
        [
            "Aiko", "Haruto", "Yui", "Ren", "Sakura", "Sōta", "Mei", "Kaito", "Hina", "Yūto",
            "Rin", "Daiki", "Emi", "Kenji", "Naoko", "Shō",
        ],
        [
            "Tanaka", "Ikeda", "Satō", "Suzuki", "Kobayashi", "Mori", "Ōno", "Hayashi", "Kimura",
            "Inoue", "Saitō", "Endō", "Fujii", "Nakano", "Ueda", "Hara",
        ],
    ),
}
COMPANIES = [
    "Halden", "Osprey", "Castellan", "Juniper", "Kestrel", "Tamarack", "Viola", "Sorrel",
    "Quillon", "Larkspur", "Ostrava", "Brightwater", "Havlik", "Lindgren", "Alder", "Beacon",
    "Cobalt", "Dunmore", "Ember", "Fairwind", "Gannet", "Harrow", "Indigo", "Jasper", "Keel",
    "Lumen", "Meridian", "Northgate", "Onyx", "Palisade", "Quarry", "Ridgeline", "Saffron",
    "Tidewater", "Umbra", "Verity", "Wexford", "Yonder", "Zephyr", "Arbor", "Bluestem", "Cinder",
    "Driftwood", "Eastbrook", "Foxglove", "Granite", "Hollow", "Ironwood", "Junction", "Kiln",
    "Lantern", "Mosaic", "Nimbus", "Orchard", "Pinnacle", "Quartz", "Rookery", "Summit", "Thistle",
    "Upland", "Vantage", "Willow", "Atlas", "Birch",
]
TRADES = [
    "Bakery", "Optics", "Timber", "Cycles", "Ceramics", "Freight", "Dental", "Print", "Roofing",
    "Coffee", "Marine", "Textiles", "Acoustics", "Nurseries", "Catering", "Software", "Glass",
    "Brewing", "Solar", "Surveyors", "Pharmacy", "Tools", "Studios", "Packaging", "Instruments",
    "Dairy", "Tutoring", "Elevators", "Books", "Paints", "Translations", "Fisheries", "Hydraulics",
    "Veterinary", "Events", "Metalworks", "Furniture", "Laundry", "Analytics", "Orchards",
    "Security", "Robotics", "Logistics", "Tailors", "Plumbing", "Insulation", "Gardens", "Energy",
    "Foods", "Media", "Legal", "Travel", "Sports", "Toys", "Jewellers", "Florists", "Motors",
    "Chemicals", "Plastics", "Ironmongers", "Seeds", "Bindery", "Upholstery", "Locksmiths",
]
STREETS = [
    "Mill", "Harbour", "Garden", "Chapel", "Bridge", "Station", "Linden", "Castle", "Market",
    "Orchard", "Meadow", "River", "Forest", "Church", "School", "Rose",
]
FLOORS = [
    "2nd floor", "Unit 4", "Building C", "c/o Accounts", "Suite 210", "Rear", "Floor 3", "Hall 7",
]
MAILBOXES = [
    "billing", "accounts", "office", "finance", "invoices", "hello", "ap", "info",
]
REFERENCES = [
    "Key account", "Reseller", "Migrated from the old CRM", "Partner", "Trade fair", "Web shop",
    "Call back in spring", "VIP",
]
METADATA = [
    '{"plan": "team"}', '{"plan": "pro", "source": "web"}', '{"source": "referral"}',
    '{"plan": "free", "newsletter": "yes"}', '{"segment": "wholesale", "region": "north"}',
    '{"plan": "enterprise", "contract": "signed"}', '{"crm": "imported"}',
    '{"note": "pays by transfer"}',
]
EIN_PREFIXES = [
    "12", "20", "27", "45", "46", "47", "81", "82",
]
BRANDS = [
    "visa", "mastercard", "amex", "visa",
]
BANKS = [
    "First Lakes Bank", "Union Savings", "Harbor Credit", "Prairie National",
]
PROCESSORS = [
    "stripe", "adyen",
]
# fmt: on
