package dev.weft.catalog.fetch;

import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.repository.HubName;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RemoteUrl;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads where a repository lies from a body's fields {@link #NAMES}; notes all their faults. */
public final class RepositoryFields {
    public static final List<String> NAMES = List.of("source", "repo", "revision");

    private static final String SOURCES =
            Arrays.stream(RepositorySource.values())
                    .map(Enum::name)
                    .collect(Collectors.joining(", "));
    private static final int LONGEST_REPO = 2048;
    private static final int LONGEST_REVISION = 256;

    private final FileRoots roots;

    public RepositoryFields(FileRoots roots) {
        this.roots = roots;
    }

    /** The repository; empty if a fault was noted. */
    public Optional<RepositoryRef> read(JsonBody body) {
        Optional<RepositorySource> source =
                body.text("source", true, SOURCES, word -> source(word).isPresent())
                        .flatMap(RepositoryFields::source);
        Optional<String> repo = body.line("repo", true, LONGEST_REPO);
        Optional<String> revision = body.line("revision", false, LONGEST_REVISION);
        if (revision.isPresent() && source.isPresent() && !source.get().mayBeAt(revision.get())) {
            String allowed = "no content: a folder of " + source.get() + " is taken as it is";
            body.fault("revision", body.field("revision"), allowed);
        }
        if (source.isEmpty() || repo.isEmpty()) {
            return Optional.empty();
        }
        checkRepo(body, source.get(), repo.get());
        return Optional.of(new RepositoryRef(source.get(), repo.get(), revision.orElse(null)));
    }

    private static Optional<RepositorySource> source(String word) {
        return Arrays.stream(RepositorySource.values())
                .filter(source -> source.name().equals(word))
                .findFirst();
    }

    private void checkRepo(JsonBody body, RepositorySource source, String repo) {
        JsonNode found = body.field("repo");
        switch (source) {
            case S3, GCS, AZURE -> {
                if (ObjectAddress.parse(source, repo).isEmpty()) {
                    body.fault("repo", found, ObjectAddress.allowed(source));
                }
            }
            case REMOTE_URL -> {
                if (RemoteUrl.parse(repo).isEmpty()) {
                    body.fault("repo", found, RemoteUrl.ALLOWED);
                }
            }
            case FILE -> {
                try {
                    roots.locate(repo);
                } catch (FileNotAllowedException e) {
                    body.fault("repo", found, e.allowed());
                }
            }
            case HF -> {
                if (!HubName.fits(repo)) {
                    body.fault("repo", found, HubName.ALLOWED);
                }
            }
        }
    }
}
