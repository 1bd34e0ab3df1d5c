package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.catalog.fetch.BaseModel;
import dev.weft.catalog.fetch.Fetcher;
import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of the bases, each read when an adapter first needs it. Safe for any thread. */
final class BaseModels {
    private final RepositoryAccess repositories;
    private final Fetcher fetcher;
    private final FileRoots roots;
    private final Path folder;
    private final Map<Key, BaseModel> models = new ConcurrentHashMap<>();

    /** Another checkpoint of a base is another model. */
    private record Key(long id, Base.Facts facts) {}

    /**
     * @param roots say where a relative FILE folder starts
     * @param folder for the files that are fetched of the bases
     */
    BaseModels(RepositoryAccess repositories, Fetcher fetcher, FileRoots roots, Path folder) {
        this.repositories = repositories;
        this.fetcher = fetcher;
        this.roots = roots;
        this.folder = folder;
    }

    BaseModel of(Base base) {
        return models.computeIfAbsent(
                new Key(base.id(), base.facts()),
                _ ->
                        new BaseModel(
                                located(base.checkpoint()),
                                base.facts().engine().isRelayed(),
                                repositories,
                                fetcher,
                                folder.resolve(Long.toString(base.id()))));
    }

    /** Makes a folder absolute. It may lie anywhere, since whoever named it was allowed to. */
    private RepositoryRef located(RepositoryRef checkpoint) {
        return checkpoint.source() == RepositorySource.FILE
                ? new RepositoryRef(
                        checkpoint.source(),
                        roots.absolute(checkpoint.repo()).toString(),
                        checkpoint.revision())
                : checkpoint;
    }
}
