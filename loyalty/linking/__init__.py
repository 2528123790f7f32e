"""Which records may be one person, and what a person made of several says: no database, no clock."""
