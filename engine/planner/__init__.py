"""Unfold, observe, diff, order, price, judge risk: from what is wished and what there is to a Plan."""
