package dev.weft.inference.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastApiErrorTest {
    @Test
    void saysWhatIsWrongAndWhere() {
        assertThat(FastApiError.message("{\"detail\":\"There was an error parsing the body\"}"))
                .contains("There was an error parsing the body");
        assertThat(
                        FastApiError.message(
                                """
                                {"detail":[{"type":"missing","loc":["body","messages",0],"msg":"Field required"},
                                {"loc":["query"]}]}\
                                """))
                .contains("body.messages.0: Field required; {\"loc\":[\"query\"]}");
        assertThat(FastApiError.message("{\"detail\":{\"a\":1}}")).contains("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Internal Server Error",
                "[]",
                "{}",
                "{\"error\":{\"message\":\"m\"},\"detail\":\"d\"}",
                "{\"object\":\"error\",\"message\":\"m\",\"detail\":\"d\"}"
            })
    void leavesAServersOwnErrorsAlone(String body) {
        assertThat(FastApiError.message(body)).isEmpty();
    }
}
