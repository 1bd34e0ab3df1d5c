package dev.weft.catalog.ingest;

import dev.weft.catalog.fetch.FetchLanes;
import dev.weft.catalog.fetch.Fetcher;
import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.fetch.RepositoryAccess;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The means to fetch files and to check them.
 *
 * @param threads virtual threads for jobs and their fetches; they end with the ingest
 * @param roots folders that FILE sources may lie in
 * @param bases the shapes that adapters must fit
 * @param checks threads for what computes; they end with the ingest
 */
record Supply(
        ExecutorService threads,
        RepositoryAccess repositories,
        Fetcher fetcher,
        FetchLanes lanes,
        FileRoots roots,
        BaseModels bases,
        CheckThreads checks) {

    static Supply of(IngestSettings settings, RepositoryAccess repositories, FileRoots roots) {
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("catalog-ingest-", 0).factory());
        Fetcher fetcher = new Fetcher(threads);
        BaseModels bases =
                new BaseModels(repositories, fetcher, roots, settings.data().resolve("base"));
        return new Supply(
                threads, repositories, fetcher, new FetchLanes(), roots, bases, new CheckThreads());
    }
}
