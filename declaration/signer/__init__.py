"""Signing on a machine without network: ``python -m declaration.signer``.

The service packs what is to be signed into one file (:mod:`.package`); on the other machine this package computes every digest again,
shows the text whole and the sentence in words, and signs with a key file. It needs the standard library, ``cryptography``, PyNaCl and,
for OpenSSH keys under a passphrase, ``bcrypt``; it imports nothing of the service.
"""
