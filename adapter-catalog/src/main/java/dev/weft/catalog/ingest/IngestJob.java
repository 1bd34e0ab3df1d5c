package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.Artifact;
import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.artifact.FolderTree;
import dev.weft.catalog.ingest.RepositoryAccess.Download;
import dev.weft.catalog.ingest.RepositoryAccess.Wanted;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.registry.IngestLedger;
import dev.weft.catalog.registry.Version;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.Reason;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraCheck;
import dev.weft.model.lora.LoraFacts;
import dev.weft.model.repository.RepositoryRef;
import dev.weft.model.repository.RepositorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One version's way from its source to Ready. Every step may have been made before a restart. */
final class IngestJob {
    private static final Logger LOG = LoggerFactory.getLogger(IngestJob.class);

    /** What the rooms of the catalog do for a job. */
    record Workshop(
            IngestLedger ledger,
            RepositoryAccess repositories,
            Fetcher fetcher,
            FileRoots roots,
            BaseModel base,
            AdapterCheck check,
            ArtifactStore artifacts) {}

    private record Checked(AdapterDigest digest, LoraFacts facts, List<Reason> warnings) {}

    private final Workshop workshop;
    private final Version version;
    private final Path folder;
    private final Deadline deadline;
    private final Slot slot;
    private final String name;

    /**
     * @param folder where its files are brought; kept when the job is interrupted, so that it is
     *     resumed
     */
    IngestJob(Workshop workshop, Version version, Path folder, Deadline deadline, Slot slot) {
        this.workshop = workshop;
        this.version = version;
        this.folder = folder;
        this.deadline = deadline;
        this.slot = slot;
        this.name = "adapter " + version.adapter().name() + " (version " + version.id() + ")";
    }

    /**
     * Does all that is left to do.
     *
     * @return the version that stands for this registration now; empty where it was removed
     *     meanwhile
     */
    Optional<Version> run() throws RejectedException, IOException, InterruptedException {
        if (!workshop.ledger.fetching(version.id())) {
            return Optional.empty();
        }
        LOG.info("{}: fetching {}", name, version.repository());
        Download download = fetch();
        if (!workshop.ledger.validating(version.id(), download.resolvedRevision())) {
            return Optional.empty();
        }
        Checked checked = check(base());
        if (!workshop.ledger.converting(version.id())) {
            return Optional.empty();
        }
        Artifact artifact = workshop.artifacts.put(checked.digest, folder, files());
        LOG.info(
                "{}: fits; rank {}, {}",
                name,
                checked.facts.rank(),
                ProgressLog.mebibytes(artifact.size()));
        Content content =
                new Content(
                        checked.digest,
                        checked.facts,
                        deadline.clock().instant().truncatedTo(ChronoUnit.MILLIS));
        return workshop.ledger.publish(version.id(), content, checked.warnings);
    }

    private Download fetch() throws RejectedException, IOException, InterruptedException {
        RepositoryRef ref = located(version.repository());
        return workshop.fetcher.fetch(name, () -> attempt(ref), deadline, slot::pause);
    }

    private Download attempt(RepositoryRef ref)
            throws FetchException, RejectedException, IOException, InterruptedException {
        Download download =
                workshop.repositories.fetch(
                        ref, Wanted.ADAPTER, folder, new ProgressLog(name, deadline.clock()));
        PickleFiles.refuse(download.files());
        if (!download.folder().equals(folder)) {
            new PrivateCopy(workshop.roots)
                    .take(download.folder().toRealPath(), download.files(), folder);
        }
        return download;
    }

    private ModelConfig base() throws RejectedException, InterruptedException {
        return workshop.base.known()
                ? workshop.base.config(deadline)
                : slot.aside(() -> workshop.base.config(deadline));
    }

    private RepositoryRef located(RepositoryRef ref) throws RejectedException {
        if (ref.source() != RepositorySource.FILE) {
            return ref;
        }
        try {
            Path real = workshop.roots.locate(ref.repo());
            return new RepositoryRef(ref.source(), real.toString(), ref.revision());
        } catch (FileNotAllowedException e) {
            throw new RejectedException(
                    List.of(
                            new Reason(
                                    "FILE_NOT_ALLOWED",
                                    null,
                                    null,
                                    ref.repo(),
                                    e.allowed(),
                                    e.getMessage() + "")));
        }
    }

    private Checked check(ModelConfig base) throws RejectedException, IOException {
        return switch (workshop.check.check(folder, base)) {
            case LoraCheck.Refused(List<Reason> reasons) -> throw new RejectedException(reasons);
            case LoraCheck.Accepted(LoraAdapter adapter, List<Reason> warnings) -> {
                try (adapter) {
                    yield new Checked(adapter.digest(), adapter.facts(), warnings);
                }
            }
        };
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(CanonicalFiles::contains)
                    .sorted()
                    .toList();
        }
    }

    /** Removes what was brought here. */
    void tidy() throws IOException {
        FolderTree.delete(folder);
    }
}
