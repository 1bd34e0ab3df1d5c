package dev.weft.protocol.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/a.tar.gz",
                "http://10.0.0.7:8000/base/",
                "http://[::1]:8000/base",
                "https://host",
                "https://host/@team/a@1.tar.gz",
                "https://host/a.tgz?token=a%7Cb"
            })
    void takesArchivesAndFolders(String address) {
        assertThat(RemoteUrl.parse(address)).contains(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host/a.tar.gz",
                "ftp://host/a.tar.gz",
                "https:///a.tar.gz",
                "https://under_score/a.tar.gz",
                "https://host/a|b.tar.gz",
                "https://host/a b.tar.gz",
                "https://user:hush@host/a.tar.gz",
                "https://user@host/a.tar.gz",
                "https://host/a.tar.gz#part",
                "https://host/folder?token=a"
            })
    void refusesWhatCannotBeFetched(String address) {
        assertThat(RemoteUrl.parse(address)).isEmpty();
    }
}
