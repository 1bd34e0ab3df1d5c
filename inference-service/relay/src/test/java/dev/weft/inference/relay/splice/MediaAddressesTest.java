package dev.weft.inference.relay.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaAddressesTest {
    private static RelayRequest read(String body) {
        return RelayRequest.read(body.getBytes(StandardCharsets.UTF_8), Set.of(), true);
    }

    private static void passes(String body) {
        assertThat(read(body).model()).isEqualTo("m");
    }

    /** Each place from which some server opens a file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'messages':[{'content':[{'type':'image_url','image_url':{'url':'%s'}}]}]",
                "'messages':[{'content':[{'type':'image_url','image_url':'%s'}]}]",
                "'messages':[{'content':[{'type':'video_url','video_url':{'id':[1],'url':'%s'}}]}]",
                "'messages':[{'content':[{'type':'audio_url','audio_url':{'url':'%s'}}]}]",
                "'messages':[{'content':[{'type':'image','source':{'type':'url','url':'%s'}}]}]",
                "'messages':[{'content':[{'type':'tool_result','content':[{'source':{'url':'%s'}}]}]}]",
                "'input':[{'content':[{'type':'input_image','image_url':'%s'}]}]",
                "'input':[{'type':'function_call_output','output':[{'image_url':'%s'}]}]",
                "'input':[{'text':'a','image':'%s'}]",
                "'input':{'video':['%s']}",
                "'query':[{'type':'image_url','image_url':{'url':'%s'}}]",
                "'documents':['a',[{'type':'video_url','video_url':{'url':'%s'}}]]"
            })
    void theServersOwnFilesAreRefusedAndWhatTheRequestBringsPasses(String place) {
        String body = "{" + place.replace('\'', '"') + ",\"model\":\"m\"}";
        for (String path :
                new String[] {
                    "file:///etc/a.png",
                    "/etc/a.png",
                    "a.png",
                    "\\u0066ile:///etc/a.png",
                    "FILE:///etc/a.png",
                    " file:///etc/a.png",
                    "ftp://host/a.png",
                    ""
                }) {
            assertThatThrownBy(() -> read(body.formatted(path)))
                    .as(path)
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE))
                    .hasMessageContaining("data: is allowed")
                    .hasMessageContaining(place.substring(1, place.indexOf('\'', 1)));
        }
        for (String address :
                new String[] {
                    "https://host/a.png",
                    "http://host/a.png",
                    "https:\\/\\/host\\/a.png",
                    "HTTPS://host/a.png",
                    "data:image/png;base64,iVBORw0KGgo=",
                    "d\\u0061ta:image/png;base64,iVBORw0KGgo="
                }) {
            passes(body.formatted(address));
        }
    }

    @Test
    void otherTextsMayLookLikePaths() {
        passes(
                """
                {"model":"m","tools":[{"function":{"parameters":{"properties":{"image_url":
                {"type":"string","default":"/a.png"}}}}}],"metadata":{"image_url":"/a.png"},
                "messages":[{"role":"user","content":"/etc/passwd"},
                {"role":"assistant","content":[{"type":"tool_use","name":"open",
                "input":{"image_url":"/a.png"}}],"audio":{"id":"a1"}},
                {"role":"user","content":[{"type":"search_result","source":"/a.html","content":[]},
                {"type":"image_url","image_url":null},
                {"type":"document","source":{"type":"text","data":"/etc"}},
                {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}],
                "input":["/etc/passwd"]}\
                """);
    }

    /** vLLM opens those alone that its operator lets it. */
    @Test
    void aServerThatOpensNoFilesUnaskedReadsTheAddressItself() {
        byte[] body =
                "{\"model\":\"m\",\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"file:///a\"}}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(RelayRequest.read(body, Set.of(), Dialect.of("vllm").opensFiles()).model())
                .isEqualTo("m");
        for (String engine : new String[] {"sglang", "trtllm-serve"}) {
            assertThatThrownBy(() ->
                            RelayRequest.read(body, Set.of(), Dialect.of(engine).opensFiles()))
                    .as(engine)
                    .isInstanceOf(ApiException.class);
        }
    }
}
