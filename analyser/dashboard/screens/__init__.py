"""What a person walks through: one module a screen."""
