package dev.weft.source;

import dev.weft.source.Attempts.CorruptException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A commit and its files, from {@code GET /api/models/REPO/revision/REVISION} of a hub.
 *
 * @param commit {@code sha}
 * @param files {@code rfilename} of the {@code siblings}
 */
record Listing(String commit, List<String> files) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_BYTES = 32 << 20;
    private static final String COMMIT = "[0-9A-Za-z]{1,64}";

    Listing {
        files = List.copyOf(files);
    }

    static Listing read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new CorruptException("a listing of more than " + MOST_BYTES + " bytes");
        }
        try {
            return parse(JSON.readTree(bytes));
        } catch (JacksonException e) {
            throw new CorruptException("no valid JSON: " + e.getOriginalMessage());
        }
    }

    private static Listing parse(JsonNode root) throws CorruptException {
        String commit = root.path("sha").asString("");
        if (!commit.matches(COMMIT)) {
            throw new CorruptException("sha is '" + commit + "', no commit");
        }
        if (!root.path("siblings").isArray()) {
            throw new CorruptException("siblings is no list");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : root.path("siblings")) {
            files.add(sibling.path("rfilename").asString(""));
        }
        return new Listing(commit, files);
    }

    /** A file name that stays within the folder it is resolved against, on any system. */
    static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > 1000 || name.chars().anyMatch(Listing::isUnsafe)) {
            return false;
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return !name.endsWith(".part") && !name.equals(FetchState.FILE);
    }

    private static boolean isUnsafe(int c) {
        return c < ' ' || c == 127 || c == '\\' || c == ':';
    }
}
