from loyalty.profiling import dictionary, families, stating
from loyalty.segmentation import themes


def features(*names):
    found = {
        **dictionary.FIXED,
        "affinity:Tea": families.affinity("Tea"),
        "attr_pet": families.attribute("pet", "flag"),
    }
    return {name: found[name] for name in names} if names else found


def test_every_feature_stands_under_one_theme():
    found = [feature.name for _, members in themes.by_theme(features()) for feature in members]
    assert sorted(found) == sorted(features())


def test_an_affinity_stands_with_the_departments():
    assert themes.by_theme(features("affinity:Tea")) == [(themes.BOUGHT, [families.affinity("Tea")])]


def test_a_column_of_the_retailers_own_has_a_theme_of_its_own():
    assert [theme for theme, _ in themes.by_theme(features("attr_pet"))] == [themes.OWN]


def test_what_members_told_us_has_a_theme_of_its_own():
    told = {each.name: each for each in (stating.interest("Tea"), stating.size("Shoes"), stating.SUSTAINABLE_FIRST)}
    assert themes.by_theme(told) == [(themes.TOLD, list(told.values()))]


def test_every_fixed_feature_is_placed_by_hand():
    placed = {name for names in themes.THEMES.values() for name in names}
    assert placed == set(dictionary.FIXED)
