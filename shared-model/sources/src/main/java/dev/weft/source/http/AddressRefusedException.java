package dev.weft.source.http;

import java.io.IOException;

/** Thrown for a host or an address that the rules don't allow; trying again won't help. */
public final class AddressRefusedException extends IOException {
    AddressRefusedException(String message) {
        super(message);
    }
}
