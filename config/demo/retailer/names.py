"""Fictitious first and last names, drawn independently of each other and of everything else about a member."""

FIRST = (
    "Ada", "Adrian", "Agnes", "Alba", "Alex", "Amara", "Amir", "Ana", "Anton", "Arlo", "Asha", "Astrid", "Aya", "Bea",
    "Ben", "Bruno", "Carla", "Caspar", "Chidi", "Clara", "Dana", "Dario", "Diya", "Edith", "Elena", "Eli", "Emil",
    "Enzo", "Esme", "Farah", "Felix", "Finn", "Freya", "Gita", "Greta", "Hana", "Hugo", "Ida", "Ines", "Ira", "Isla",
    "Ivo", "Jonas", "Juno", "Kai", "Kira", "Lara", "Leo", "Lina", "Luca", "Maja", "Malik", "Mara", "Mateo", "Mei",
    "Mila", "Milo", "Mina", "Nadia", "Nils", "Noor", "Nora", "Omar", "Orla", "Otto", "Paula", "Petra", "Ravi", "Rita",
    "Robin", "Romy", "Rosa", "Ruben", "Sami", "Sana", "Selma", "Silas", "Sofia", "Stella", "Sven", "Tara", "Tessa",
    "Theo", "Tomas", "Uma", "Vera", "Viktor", "Wanda", "Yara", "Yusuf", "Zara", "Zoe",
)  # fmt: skip

LAST = (
    "Abbott", "Adler", "Almeida", "Anders", "Arden", "Banner", "Barlow", "Becker", "Bell", "Bishop", "Boone",
    "Brandt", "Brook", "Cabrera", "Calder", "Carver", "Castle", "Chandra", "Colby", "Costa", "Crane", "Dalton",
    "Delgado", "Doyle", "Drake", "Egan", "Elster", "Engel", "Falk", "Farrow", "Fisher", "Flint", "Forster", "Gallo",
    "Garner", "Grant", "Haddad", "Hale", "Hansen", "Harper", "Hart", "Holm", "Hunt", "Ito", "Jansen", "Joshi",
    "Keller", "Kent", "Khan", "Kovac", "Lane", "Larsen", "Lemaire", "Linden", "Lund", "Maier", "Marsh", "Mercer",
    "Mills", "Moreau", "Nair", "Nash", "Nowak", "Okoro", "Olsen", "Osman", "Palmer", "Park", "Pereira", "Porter",
    "Quinn", "Ramos", "Reed", "Rossi", "Rowe", "Sato", "Schmid", "Shaw", "Silva", "Sloan", "Stone", "Tanaka",
    "Thorne", "Urban", "Vance", "Varga", "Wade", "Walker", "Weaver", "Weber", "West", "Winter", "Woods", "Yilmaz",
    "York", "Young", "Zeller", "Ziegler",
)  # fmt: skip
