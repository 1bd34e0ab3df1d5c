package dev.weft.source.url;

import dev.weft.source.fetch.FetchAttempts.CorruptException;
import dev.weft.source.http.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the names of a folder's files as web servers list them: the links of an HTML page (Apache,
 * nginx, Python, Caddy) that lead to its direct children, or nginx's {@code autoindex_format json}.
 */
final class FolderListing {
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_FILES = 10_000;

    private FolderListing() {}

    /**
     * Reads the names of the files, and those of some folders with the slash at their end.
     *
     * @param folders of these names
     */
    static List<String> read(HttpAnswer answer, URI folder, List<String> folders)
            throws IOException {
        byte[] bytes = answer.body().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new CorruptException("a listing of more than " + MOST_BYTES + " bytes");
        }
        boolean json = answer.header("content-type").orElse("").contains("json");
        List<String> names = json ? json(bytes, folders) : html(bytes, folder, folders);
        if (names.size() > MOST_FILES) {
            throw new CorruptException("a listing of more than " + MOST_FILES + " files");
        }
        return names;
    }

    private static List<String> json(byte[] bytes, List<String> folders) throws CorruptException {
        try {
            List<String> names = new ArrayList<>();
            for (JsonNode entry : JsonMapper.shared().readTree(bytes)) {
                String name = entry.path("name").asString("");
                if (entry.path("type").asString("file").equals("file")) {
                    names.add(name);
                } else if (folders.contains(name + "/")) {
                    names.add(name + "/");
                }
            }
            return names;
        } catch (JacksonException e) {
            throw new CorruptException(
                    "a listing that is not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static List<String> html(byte[] bytes, URI folder, List<String> folders) {
        TreeSet<String> names = new TreeSet<>();
        for (String target : PageLinks.of(new String(bytes, StandardCharsets.UTF_8))) {
            String name = child(folder, target.replace("&amp;", "&"));
            if (!name.isEmpty() && (!name.endsWith("/") || folders.contains(name))) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /** The name of a direct child, a folder's with its slash; empty for every other target. */
    private static String child(URI folder, String target) {
        try {
            URI uri = folder.resolve(new URI(target));
            String base = folder.getRawPath();
            String path = uri.getRawPath();
            boolean below =
                    path != null
                            && uri.getRawQuery() == null
                            && String.valueOf(uri.getRawAuthority())
                                    .equals(folder.getRawAuthority())
                            && path.startsWith(base)
                            && isChild(path, base.length());
            return below
                    ? URLDecoder.decode(
                            path.substring(base.length()).replace("+", "%2B"),
                            StandardCharsets.UTF_8)
                    : "";
        } catch (URISyntaxException | IllegalArgumentException e) {
            return ""; // no address: a page may hold such links, but none of them is a file
        }
    }

    private static boolean isChild(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 || slash == path.length() - 1;
    }
}
