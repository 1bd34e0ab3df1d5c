package dev.weft.inference.server.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.inference.server.http.json.JsonFields;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeWeightTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static byte[] body(String value, int count) {
        String all = String.join(",", Collections.nCopies(count, value));
        return ("{\"input\":[" + all + "]}").getBytes(UTF_8);
    }

    /** The claim covers all that is allocated to make the tree, and not only what is left of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}", "[]", "[[]]", "[{}]", "{\"a\":1}", "{\"a\":{}}", "{\"a\":[0]}", "1", "70000",
                "0.5", "-1e5", "12345678901", "\"\"", "\"ab\"", "\"é\"", "true", "null", "[1,2]",
                "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":0}"
            })
    void coversWhatTheTreeTakes(String value) {
        byte[] body = body(value, 20_000);
        JsonFields.parse(body);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        JsonFields read = JsonFields.parse(body);
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(read.object().size()).isEqualTo(1);
        long claimed = TreeWeight.of(body) + (long) body.length * RequestMemory.BYTES_PER_BODY_BYTE;
        System.out.println(
                "XX "
                        + value
                        + " taken "
                        + taken / (double) 20000
                        + " weight "
                        + TreeWeight.of(body) / 20000.0
                        + " claimed "
                        + claimed / 20000.0);
        assertThat(taken).isLessThan(claimed);
    }

    @Test
    void textsHideTheirSigns() {
        long one = TreeWeight.of("\"\"".getBytes(UTF_8));
        for (String text : new String[] {"\"{[:,e]}\"", "\"{[:,", "\"\\", "\"\\\"{\\\\\""}) {
            assertThat(TreeWeight.of(text.getBytes(UTF_8))).isEqualTo(one);
        }
    }
}
