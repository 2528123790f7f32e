from django.contrib.postgres.fields import ArrayField
from django.db import models


class Store(models.Model):
    ref = models.TextField(unique=True)
    name = models.TextField()
    region = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    ref = models.TextField(unique=True)
    name = models.TextField()
    category = models.TextField(help_text="A path: Grocery > Coffee. Its first part is the department.")
    department = models.GeneratedField(
        expression=models.Func(
            models.Func(models.F("category"), models.Value(">"), models.Value(1), function="split_part"),
            function="btrim",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    brand = models.TextField(blank=True)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit_margin = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    flags = ArrayField(models.TextField(), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="stock")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stock")
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "stock"
        constraints = [models.UniqueConstraint(fields=["store", "product"], name="one_count_per_store_and_product")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id} in {self.store_id}"
