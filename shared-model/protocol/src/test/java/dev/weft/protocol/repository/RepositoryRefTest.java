package dev.weft.protocol.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RepositoryRefTest {
    /** Logs, reasons, traces and listings have it. */
    @Test
    void itsTextLeavesOutTheQueryOfAnAddress() {
        String address = "https://host/a.tar.gz?X-Amz-Signature=hush@0";
        assertThat(new RepositoryRef(RepositorySource.REMOTE_URL, address, null))
                .hasToString("REMOTE_URL:https://host/a.tar.gz?...");
        assertThat(new RepositoryRef(RepositorySource.REMOTE_URL, address, "sha256:0"))
                .hasToString("REMOTE_URL:https://host/a.tar.gz?...@sha256:0");
    }

    @Test
    void aFoldersNameIsWhole() {
        assertThat(new RepositoryRef(RepositorySource.FILE, "/data/why?/a", null))
                .hasToString("FILE:/data/why?/a");
        assertThat(new RepositoryRef(RepositorySource.HF, "acme/sql", "main"))
                .hasToString("HF:acme/sql@main");
    }
}
