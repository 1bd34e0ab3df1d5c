package dev.weft.source.http;

import java.io.IOException;

/** Thrown if an answer was ended because too little of it arrived in time. */
public final class StalledException extends IOException {
    public StalledException(String message) {
        super(message);
    }
}
