"""How the doctor asks: within a budget, slowly, and only for what it knows."""
