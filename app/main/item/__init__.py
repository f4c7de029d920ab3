"""The page of one item: from what is recorded and defined to finished words. `page.item_page` is the way in."""
