package dev.weft.source.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of a target folder, in a file beside it, so that a later fetch knows the complete
 * files without asking the hub.
 *
 * @param hub endpoint of its source
 * @param selections names of the selections that are complete, with the names that go with each
 * @param files each file that is complete
 */
public record FetchState(
        String hub,
        String repo,
        String commit,
        Map<String, List<String>> selections,
        Map<String, Entry> files) {
    public static final String FILE = ".weft-source.json";

    private static final ObjectReader JSON =
            JsonMapper.shared()
                    .readerFor(FetchState.class)
                    .with(
                            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** A complete file as the hub described it; the etag is empty if it gave none. */
    public record Entry(long size, String etag) {}

    public FetchState {
        selections = new TreeMap<>(selections);
        files = new TreeMap<>(files);
    }

    public static FetchState start(String hub, String repo, String commit) {
        return new FetchState(hub, repo, commit, Map.of(), Map.of());
    }

    /** The state of a folder; a new one if there is none or it can't be read. */
    public static FetchState read(Path folder) {
        try {
            FetchState state = JSON.readValue(Files.readString(folder.resolve(FILE)));
            return state == null ? start("", "", "") : state;
        } catch (IOException | JacksonException e) {
            // Only the record of complete files is lost: they are fetched again.
            return start("", "", "");
        }
    }

    public void write(Path folder) throws IOException {
        Path part = folder.resolve(FILE + ".part");
        Files.writeString(part, JsonMapper.shared().writeValueAsString(this));
        Files.move(
                part,
                folder.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether it describes this content of this repository. */
    public boolean isOf(String otherHub, String otherRepo, String otherCommit) {
        return hub.equals(otherHub) && repo.equals(otherRepo) && commit.equals(otherCommit);
    }

    /** True if the file is in the folder, with the size that it had when it was complete. */
    boolean holds(Path folder, String name) {
        Entry entry = files.get(name);
        Path file = folder.resolve(name);
        try {
            return entry != null && Files.isRegularFile(file) && Files.size(file) == entry.size();
        } catch (IOException e) {
            return false;
        }
    }

    /** True if every file of the selection is in the folder. */
    public boolean isComplete(Path folder, String selection) {
        List<String> names = selections.get(selection);
        return names != null
                && names.stream().filter(files::containsKey).allMatch(n -> holds(folder, n));
    }

    public FetchState with(String name, Entry entry) {
        Map<String, Entry> more = new TreeMap<>(files);
        more.put(name, entry);
        return new FetchState(hub, repo, commit, selections, more);
    }

    public FetchState complete(String selection, List<String> names) {
        Map<String, List<String>> more = new TreeMap<>(selections);
        more.put(selection, List.copyOf(names));
        return new FetchState(hub, repo, commit, more, files);
    }
}
