"""The offline verifier: proves or disproves a bundle without the service, without a network, without trusting anybody.

    python -m declaration.verifier BUNDLE [--constitution HEX] [--policy FILE] [--since CHECKPOINT] [--receipt FILE] [--report FORM]
    python -m declaration.verifier --receipt FILE --policy FILE [--constitution HEX]

It imports the pure packages alone (standard library, ``cryptography``, PyNaCl) and answers nine numbered checks:

1. the archive is sane and every member is what ``bundle.json`` says
2. the checkpoint is signed as the policy demands, and extends the older one that the auditor has
3. the entries give exactly that root, and every root that a signer had seen
4. every entry is canonical, new, in time order, and its signature strictly valid
5. every signer had authority at that position, from the constitution on
6. every act was allowed in the state that it met: the procedure replayed
7. the texts match their manifests, and every changed unit of every version follows from what was accepted
8. endorsements name the adopted digest, are in the window, and are one an organization
9. totals by country, organizations and persons apart, derived from the above alone

The trust root is the constitution's entry, by its leaf hash. An auditor who does not give it is told loudly that it came out of
the very bundle that is being judged; the same holds for the policy.
"""
