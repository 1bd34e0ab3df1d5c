package dev.weft.standalone.bench.load;

/** The two endpoints that a load can ask. */
public enum Api {
    COMPLETIONS("/v1/completions"),
    CHAT("/v1/chat/completions");

    private final String path;

    Api(String path) {
        this.path = path;
    }

    public String path() {
        return path;
    }
}
