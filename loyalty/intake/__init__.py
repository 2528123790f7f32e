"""What each kind of file becomes: one module per noun."""
