"""The administrators' site: log-ins, roles and machines' keys. It has no log-in of its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

admin.site.site_header = admin.site.site_title = "Liftwell"
admin.site.index_title = "Log-ins, keys, and what stands in the tables"
# Django's own form would let passwords be guessed without limit, and the demo's log-ins in.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
