"""What the vocabularies are called that conditions on the index may use, among those of profiles."""

# Products are named by their references; PRODUCT_NAME holds the name of each.
CATEGORY, BRAND, PRODUCT = "bought:category", "bought:brand", "bought:product"
PRODUCT_NAME, CHANNEL, STORE = "bought:product_name", "bought:channel", "bought:store"
EVENT, EVENT_CHANNEL = "event:kind", "event:channel"
