from decimal import Decimal

from loyalty.models import Product, Stock, Store
from tests.bringing import fates, rejects

STOCK = "store_ref,product_ref,quantity,counted_at"


def test_a_store_becomes_a_row(bring):
    bring("stores", "store_ref,name,latitude\n007,Harbour,53.5\n")
    store = Store.objects.get()
    assert (store.ref, store.name, store.latitude, store.region) == ("007", "Harbour", 53.5, "")


def test_a_store_that_changed_is_updated(bring):
    bring("stores", "store_ref,name\ns1,Old\ns2,Same\n")
    assert fates(bring("stores", "store_ref,name\ns1,New\ns2,Same\ns3,More\n")) == (1, 1, 1, 0)
    assert Store.objects.get(ref="s1").name == "New"


def test_a_products_department_is_the_beginning_of_its_path(bring):
    bring("products", "product_ref,name,category,price,flags\np1,Stout,Drinks>Beer,2.50,alcohol;craft\n")
    product = Product.objects.get()
    assert (product.department, product.price, product.flags) == ("Drinks", Decimal("2.5"), ["alcohol", "craft"])


def test_a_column_that_the_file_lacks_keeps_what_is_known(bring):
    bring("products", "product_ref,name,category,price\np1,Stout,Beer,2.50\n")
    bring("products", "product_ref,name,category\np1,Porter,Beer\n")
    product = Product.objects.get()
    assert (product.name, product.price) == ("Porter", Decimal("2.5"))


def test_an_empty_cell_makes_unknown_what_was_known(bring):
    bring("products", "product_ref,name,category,price\np1,Stout,Beer,2.50\n")
    bring("products", "product_ref,name,category,price\np1,Stout,Beer,\n")
    assert Product.objects.get().price is None


def test_stock_of_an_unknown_product_is_rejected_by_name(shop):
    result = shop("stock", f"{STOCK}\ns1,p1,5,2026-03-01\ns1,p9,5,2026-03-01\n")
    assert fates(result) == (1, 0, 0, 1)
    assert rejects(result) == [(3, "product_ref", "p9", "is not known: load the products first")]


def test_a_later_count_replaces_an_earlier_one(shop):
    shop("stock", f"{STOCK}\ns1,p1,5,2026-03-01\n")
    assert fates(shop("stock", f"{STOCK}\ns1,p1,3,2026-03-02\n")) == (0, 1, 0, 0)
    assert Stock.objects.get().quantity == 3


def test_an_earlier_count_that_comes_late_is_rejected(shop):
    shop("stock", f"{STOCK}\ns1,p1,5,2026-03-02\n")
    result = shop("stock", f"{STOCK}\ns1,p1,9,2026-03-01\n")
    assert rejects(result)[0][3].startswith("was counted before")
    assert Stock.objects.get().quantity == 5


def test_the_latest_count_holds_in_whatever_order_a_file_has_them(shop):
    counts = "s1,p1,2,2026-03-02\ns1,p1,3,2026-03-03\ns1,p1,1,2026-03-01\n"
    assert fates(shop("stock", f"{STOCK}\n{counts}")) == (1, 1, 1, 0)
    assert Stock.objects.get().quantity == 3
