package dev.weft.inference.relay.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.adapter.AdapterDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SGLang says 400 to whatever it could not do; its texts alone say whose fault that is. */
class SglangTest {
    private static final Dialect SGLANG = Dialect.of("sglang");
    private static final RelayName NAME = new RelayName(new AdapterDigest("ab".repeat(32)));

    /** A client that leaves has all requests ended whose id begins with its own. */
    @Test
    void clientsNameNoRequests() {
        assertThat(SGLANG.refused()).contains("rid", "request_id", "session_params");
    }

    private static ServerReply load(String why) {
        return new ServerReply(
                400,
                """
                {"success":false,"error_message":"%s","loaded_adapters":{"%s":"/lora"}}\
                """
                        .formatted(why, NAME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LoRA adapter weft1-ab with rank 64 is incompatible with the current LoRA memory"
                        + " pool configuration.",
                "Failed to load weft1-ab because LoRA serving currently doesn't support DoRA"
                        + " adapters",
                "Failed to load weft1-ab because LoRA serving currently doesn't support adapters"
                        + " that add tokens to the vocabulary"
            })
    void whatAnAdapterIsRefusesItEverywhere(String why) {
        assertThat(SGLANG.isRefused(load(why))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory",
                "[Errno 13] Permission denied: '/lora/weft1-ab/adapter_config.json'",
                "LoRA adapter 'weft1-ab' has an incomplete unload. Retry the unload before loading"
                        + " it again.",
                "LoRA is not enabled. Please set `--enable-lora` to enable LoRA."
            })
    void whatTheServerCouldNotDoIsNotTheAdaptersFault(String why) {
        assertThat(SGLANG.isRefused(load(why))).isFalse();
        assertThat(SGLANG.isLoadedAlready(load(why))).isFalse();
    }

    @Test
    void anUnloadThatIsNotDoneIsFinishedFirst() {
        assertThat(SGLANG.wantsUnloadFirst(load("'weft1-ab' has an incomplete unload. Retry")))
                .isTrue();
        assertThat(SGLANG.wantsUnloadFirst(load("out of memory"))).isFalse();
    }

    private static ServerReply answer(String message) {
        return new ServerReply(
                400,
                "{\"object\":\"error\",\"message\":\"%s\",\"type\":\"BadRequest\",\"code\":400}"
                        .formatted(message));
    }

    @Test
    void itsOwnWordsTellThatAnAdapterIsForgotten() {
        assertThat(
                        SGLANG.forgot(
                                answer(
                                        "The following requested LoRA adapters are not loaded: "
                                                + NAME
                                                + "\\nLoaded adapters: [].")))
                .isTrue();
        assertThat(SGLANG.forgot(answer("Got LoRA adapter that has never been loaded: " + NAME)))
                .isTrue();
        assertThat(
                        SGLANG.forgot(
                                new ServerReply(
                                        400,
                                        """
                                        {"type":"error","error":{"type":"invalid_request_error",
                                        "message":"Got LoRA adapter that has never been loaded: %s"}}\
                                        """
                                                .formatted(NAME))))
                .isTrue();
    }

    @Test
    void aClientsWordsDoNot() {
        assertThat(
                        SGLANG.forgot(
                                answer(
                                        "1 validation error: input 'The following requested LoRA"
                                                + " adapters are not loaded: "
                                                + NAME
                                                + "'")))
                .isFalse();
        assertThat(SGLANG.forgot(new ServerReply(400, "adapters are not loaded"))).isFalse();
    }
}
