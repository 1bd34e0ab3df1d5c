package dev.weft.source.hub;

import dev.weft.source.download.Listing;
import dev.weft.source.fetch.FetchAttempts.CorruptException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code GET /api/models/REPO/revision/REVISION} of a hub: {@code sha} is the commit, {@code
 * rfilename} of the {@code siblings} are its files.
 */
final class HubListing {
    private static final int MOST_BYTES = 32 << 20;
    private static final String COMMIT = "[0-9A-Za-z]{1,64}";

    private HubListing() {}

    static Listing read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new CorruptException("a listing of more than " + MOST_BYTES + " bytes");
        }
        try {
            return parse(JsonMapper.shared().readTree(bytes));
        } catch (JacksonException e) {
            throw new CorruptException("not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static Listing parse(JsonNode root) throws CorruptException {
        String commit = root.path("sha").asString("");
        if (!commit.matches(COMMIT)) {
            throw new CorruptException("sha is '" + commit + "', no commit");
        }
        if (!root.path("siblings").isArray()) {
            throw new CorruptException("siblings is not a list");
        }
        List<Listing.Listed> files = new ArrayList<>();
        for (JsonNode sibling : root.path("siblings")) {
            String name = sibling.path("rfilename").asString("");
            files.add(new Listing.Listed(name, sibling.path("size").asLong(-1), ""));
        }
        return new Listing(commit, files);
    }
}
