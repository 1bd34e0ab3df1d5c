package dev.weft.inference.tensorrtllm.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MappedFilesTest {
    private static final List<String> MAPS =
            List.of(
                    "55d0c8a00000-55d0c8a02000 r--p 00000000 08:01 131 /usr/bin/java",
                    "7f10aa000000-7f10aa010000 rw-p 00000000 00:00 0",
                    "7f10aa200000-7f10aa210000 r-xp 00000000 08:01 77   /opt/a b/libucs.so.0",
                    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]");

    @Test
    void namesTheFileThatHoldsAnAddress() {
        assertThat(MappedFiles.owner(0x7f10aa200000L, MAPS)).isEqualTo("/opt/a b/libucs.so.0");
        assertThat(MappedFiles.owner(0x7f10aa20ffffL, MAPS)).isEqualTo("/opt/a b/libucs.so.0");
        assertThat(MappedFiles.owner(0x55d0c8a01000L, MAPS)).isEqualTo("/usr/bin/java");
    }

    @Test
    void anAddressOfNoFileIsItself() {
        assertThat(MappedFiles.owner(0x7f10aa210000L, MAPS)).isEqualTo("0x7f10aa210000");
        assertThat(MappedFiles.owner(0x7f10aa000001L, MAPS)).isEqualTo("0x7f10aa000001");
        assertThat(MappedFiles.owner(1, MAPS)).isEqualTo("0x1");
    }
}
