"""The site's own tests: ``python -m pytest example_project -c example_project/pytest.ini``."""
