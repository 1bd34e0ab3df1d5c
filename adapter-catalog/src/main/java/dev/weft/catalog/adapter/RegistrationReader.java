package dev.weft.catalog.adapter;

import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.fetch.RepositoryFields;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.residency.ResidencyReport;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the body of a registration; collects all its faults. */
final class RegistrationReader {
    private final RepositoryFields repositories;

    RegistrationReader(FileRoots roots) {
        this.repositories = new RepositoryFields(roots);
    }

    Registration read(byte @Nullable [] bytes) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        Stream.concat(Stream.of("name", "base"), RepositoryFields.NAMES.stream())
                                .toArray(String[]::new));
        Optional<String> name = body.text("name", true, AdapterId.NAME_RULE, AdapterId::isNewName);
        Optional<RepositoryRef> repository = repositories.read(body);
        Optional<String> base = body.line("base", false, ResidencyReport.LONGEST_BASE);
        body.check();
        return new Registration(name.orElseThrow(), repository.orElseThrow(), base.orElse(null));
    }
}
