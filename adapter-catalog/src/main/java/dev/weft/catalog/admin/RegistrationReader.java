package dev.weft.catalog.admin;

import dev.weft.catalog.ingest.FileNotAllowedException;
import dev.weft.catalog.ingest.FileRoots;
import dev.weft.catalog.web.Fault;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a registration; collects everything that is wrong with it. */
final class RegistrationReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> FIELDS =
            new TreeSet<>(List.of("name", "source", "repo", "revision"));
    private static final String SOURCES =
            Arrays.stream(RepositorySource.values())
                    .map(Enum::name)
                    .collect(Collectors.joining(", "));
    private static final int LONGEST_REPO = 2048;
    private static final int LONGEST_REVISION = 256;
    private static final int LONGEST_ECHO = 200;

    private final FileRoots roots;

    RegistrationReader(FileRoots roots) {
        this.roots = roots;
    }

    Registration read(byte[] body) {
        JsonNode root = parse(body);
        List<Fault> faults = new ArrayList<>();
        for (String field : root.propertyNames()) {
            if (!FIELDS.contains(field)) {
                faults.add(fault(field, text(root.path(field)), "fields " + FIELDS));
            }
        }
        Optional<String> name = field(root, "name", true, AdapterId.NAME_RULE, faults);
        name.filter(n -> !AdapterId.isName(n))
                .ifPresent(n -> faults.add(fault("name", n, AdapterId.NAME_RULE)));
        Optional<RepositorySource> source = source(root, faults);
        Optional<String> repo = line(root, "repo", true, LONGEST_REPO, faults);
        Optional<String> revision = line(root, "revision", false, LONGEST_REVISION, faults);
        if (source.filter(RepositorySource.FILE::equals).isPresent()) {
            repo.ifPresent(folder -> checkFolder(folder, faults));
        }
        if (source.isPresent() && repo.isPresent()) {
            checkShape(source.get(), repo.get(), faults);
        }
        if (!faults.isEmpty()) {
            throw new BadRequestException(faults);
        }
        return new Registration(
                name.orElseThrow(),
                new RepositoryRef(source.orElseThrow(), repo.orElseThrow(), revision.orElse(null)));
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            if (root.isObject()) {
                return root;
            }
            throw new BadRequestException(
                    List.of(
                            new Fault(
                                    "body",
                                    body.length == 0 ? null : text(root),
                                    "a JSON object with fields " + FIELDS)));
        } catch (JacksonException e) {
            throw new BadRequestException(
                    List.of(
                            fault(
                                    "body",
                                    e.getOriginalMessage(),
                                    "a JSON object with fields " + FIELDS)));
        }
    }

    private static Optional<RepositorySource> source(JsonNode root, List<Fault> faults) {
        Optional<String> text = field(root, "source", true, SOURCES, faults);
        Optional<RepositorySource> source =
                text.flatMap(word ->
                        Arrays.stream(RepositorySource.values())
                                .filter(s -> s.name().equals(word))
                                .findFirst());
        if (text.isPresent() && source.isEmpty()) {
            faults.add(fault("source", text.get(), SOURCES));
        }
        return source;
    }

    /** A text without control characters. */
    private static Optional<String> line(
            JsonNode root, String field, boolean required, int longest, List<Fault> faults) {
        String allowed = "1 to " + longest + " characters, no control characters";
        Optional<String> text = field(root, field, required, allowed, faults);
        if (text.filter(t -> t.isBlank() || t.length() > longest || hasControl(t)).isPresent()) {
            faults.add(fault(field, text.get(), allowed));
            return Optional.empty();
        }
        return text;
    }

    private static Optional<String> field(
            JsonNode root, String field, boolean required, String allowed, List<Fault> faults) {
        JsonNode node = root.path(field);
        if (node.isString()) {
            return Optional.of(node.asString());
        }
        if (node.isMissingNode() || node.isNull()) {
            if (required) {
                faults.add(new Fault(field, null, allowed));
            }
        } else {
            faults.add(fault(field, text(node), "a string: " + allowed));
        }
        return Optional.empty();
    }

    private static void checkShape(RepositorySource source, String repo, List<Fault> faults) {
        switch (source) {
            case S3, GCS, AZURE -> {
                if (ObjectAddress.parse(source, repo).isEmpty()) {
                    faults.add(fault("repo", repo, ObjectAddress.allowed(source)));
                }
            }
            case REMOTE_URL -> {
                if (!repo.matches("https?://[^/@\\s][^@\\s]*")) {
                    faults.add(
                            fault(
                                    "repo",
                                    repo,
                                    "an http or https address of a .tar.gz or of a folder"));
                }
            }
            case HF, FILE -> {}
        }
    }

    private void checkFolder(String folder, List<Fault> faults) {
        try {
            roots.locate(folder);
        } catch (FileNotAllowedException e) {
            faults.add(fault("repo", folder, e.allowed()));
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static Fault fault(String field, @Nullable String value, String allowed) {
        return new Fault(field, shortened(value), allowed);
    }

    private static @Nullable String shortened(@Nullable String value) {
        return value == null || value.length() <= LONGEST_ECHO
                ? value
                : value.substring(0, LONGEST_ECHO) + "...";
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.asString() : node.toString();
    }
}
