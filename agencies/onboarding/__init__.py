"""How an agency comes on board: the public form, the checklist, who does what next."""
