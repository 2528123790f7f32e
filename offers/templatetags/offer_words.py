"""Terms in words, in templates: `{{ terms|benefit }}`, `{{ terms|validity }}`, `{{ user|person }}`."""

from django import template

from offers import in_words

register = template.Library()

register.filter("benefit", in_words.benefit)
register.filter("validity", in_words.validity)
register.filter("channels", in_words.channels)
register.filter("person", in_words.person)
