"""The cheapest mix of places for a plan: each representation's class, region, route and move, and the copy's share."""
