"""Who meets the conditions on what was bought and what happened, from the index of what members bought and did."""
