import pytest

from tests.bringing import Bring, bring, data

__all__ = ["bring", "data", "shop"]


@pytest.fixture
def shop(bring: Bring) -> Bring:
    """`bring` for a retailer with two stores, two products and two members."""
    bring("stores", "store_ref,name\ns1,North\ns2,South\n")
    bring("products", "product_ref,name,category\np1,Beans,Grocery > Coffee\np2,Tea,Grocery > Tea\n")
    bring("members", "member_ref,tier\nm1,gold\nm2,silver\n")
    return bring
