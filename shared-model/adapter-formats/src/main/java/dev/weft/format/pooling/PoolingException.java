package dev.weft.format.pooling;

import java.io.IOException;

/** A folder pools in a way that is not served, or its files can't be read. */
public final class PoolingException extends IOException {
    private final String file;
    private final String field;
    private final String found;
    private final String allowed;

    PoolingException(String file, String field, String found, String allowed) {
        super("%s: %s is %s; allowed: %s".formatted(file, field, found, allowed));
        this.file = file;
        this.field = field;
        this.found = found;
        this.allowed = allowed;
    }

    /** The file, as a path within the folder. */
    public String file() {
        return file;
    }

    public String field() {
        return field;
    }

    public String found() {
        return found;
    }

    public String allowed() {
        return allowed;
    }
}
