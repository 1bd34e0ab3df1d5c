package dev.weft.catalog.adapter;

import dev.weft.catalog.fetch.FileNotAllowedException;
import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a registration; collects all its faults. */
final class RegistrationReader {
    private static final String SOURCES =
            Arrays.stream(RepositorySource.values())
                    .map(Enum::name)
                    .collect(Collectors.joining(", "));
    private static final int LONGEST_REPO = 2048;
    private static final int LONGEST_REVISION = 256;

    private final FileRoots roots;

    RegistrationReader(FileRoots roots) {
        this.roots = roots;
    }

    Registration read(byte @Nullable [] bytes) {
        JsonBody body = new JsonBody(bytes, "name", "source", "repo", "revision");
        Optional<String> name = text(body, "name", true, AdapterId.NAME_RULE, AdapterId::isName);
        Optional<RepositorySource> source =
                text(body, "source", true, SOURCES, word -> source(word).isPresent())
                        .flatMap(RegistrationReader::source);
        Optional<String> repo = line(body, "repo", true, LONGEST_REPO);
        Optional<String> revision = line(body, "revision", false, LONGEST_REVISION);
        if (source.isPresent() && repo.isPresent()) {
            checkRepo(body, source.get(), repo.get());
        }
        body.check();
        return new Registration(
                name.orElseThrow(),
                new RepositoryRef(source.orElseThrow(), repo.orElseThrow(), revision.orElse(null)));
    }

    private static Optional<RepositorySource> source(String word) {
        return Arrays.stream(RepositorySource.values())
                .filter(source -> source.name().equals(word))
                .findFirst();
    }

    /** A text without control characters. */
    private static Optional<String> line(
            JsonBody body, String field, boolean required, int longest) {
        return text(
                body,
                field,
                required,
                "1 to " + longest + " characters, no control characters",
                text ->
                        !text.isBlank()
                                && text.length() <= longest
                                && text.chars().noneMatch(Character::isISOControl));
    }

    /** A text; empty if it is missing or not allowed. The latter is noted. */
    private static Optional<String> text(
            JsonBody body, String field, boolean required, String allowed, Predicate<String> rule) {
        JsonNode found = body.field(field);
        if (found.isString()) {
            if (rule.test(found.asString())) {
                return Optional.of(found.asString());
            }
            body.fault(field, found, allowed);
        } else if (!found.isMissingNode() && !found.isNull()) {
            body.fault(field, found, "a string: " + allowed);
        } else if (required) {
            body.fault(field, found, allowed);
        }
        return Optional.empty();
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
                if (!repo.matches("https?://[^/@\\s][^@\\s]*")) {
                    body.fault(
                            "repo", found, "an http or https address of a .tar.gz or of a folder");
                }
            }
            case FILE -> {
                try {
                    roots.locate(repo);
                } catch (FileNotAllowedException e) {
                    body.fault("repo", found, e.allowed());
                }
            }
            case HF -> {}
        }
    }
}
