"""The ways to a member. A channel says what it lacks to reach a contact, and takes messages; `BY_NAME` lists them."""

from types import ModuleType

from campaigns.channels import app, email
from loyalty.models.consent import Channel

BY_NAME: dict[str, ModuleType] = {Channel.EMAIL: email, Channel.APP: app}
