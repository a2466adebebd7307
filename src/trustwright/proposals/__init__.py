"""Who answers for it? The life of a proposal: routed, edited, countersigned, released, proved."""
