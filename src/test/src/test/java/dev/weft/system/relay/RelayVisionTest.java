package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real vLLM with a model that reads images, which the embedded engine does not know: tiny and of
 * random weights, as are the adapters of its decoder.
 */
@EnabledIfSystemProperty(
        named = VllmFleet.PROGRAM,
        matches = ".+",
        disabledReason = "needs a vLLM, which ./weft test relay installs")
@EnabledIf(value = "modelsAreThere", disabledReason = "needs shared/models beside the checkout")
class RelayVisionTest {
    private static final String BODY =
            """
            {"model":"%s","temperature":0,"max_tokens":12,"ignore_eos":true,"messages":[{"role":"user","content":[
            {"type":"text","text":"What is it?"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,%s"}}]}]}\
            """;

    @TempDir private static Path folder;
    private static VllmFleet vllm;

    static boolean modelsAreThere() {
        return VllmFleet.modelsAreThere();
    }

    @BeforeAll
    static void start() throws Exception {
        Path program = Path.of(System.getProperty(VllmFleet.PROGRAM));
        Path made = folder.resolve("made").toAbsolutePath();
        VllmFleet.run(
                folder.resolve("made.log"),
                program.resolveSibling("python").toString(),
                script().toString(),
                VllmFleet.unpack(folder).toString(),
                made.toString());
        String deployment =
                """
                model_name: base
                trt_llm:
                  build:
                    checkpoint_repository: {source: FILE, repo: %1$s/base}
                    max_lora_rank: 8
                    lora_adapters:
                      one: {source: FILE, repo: %1$s/one}
                      two: {source: FILE, repo: %1$s/two}
                """
                        .formatted(made);
        vllm =
                VllmFleet.start(
                        folder,
                        deployment,
                        List.of("--max-model-len", "\"256\"", "--max-num-seqs", "\"4\""),
                        "weft.relay.max-cpu-loras=2",
                        "weft.inference.max-loras=1",
                        "weft.catalog.file-roots=" + made);
    }

    private static Path script() throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(RelayVisionTest.class.getResource("/relay/tiny_vision.py"))
                        .toURI());
    }

    @AfterAll
    static void stop() {
        if (vllm != null) {
            vllm.close();
        }
    }

    private static String image(Color color) throws Exception {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(4, 4, 20, 20);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "png", bytes)).isTrue();
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String text(String model, Color color) throws Exception {
        return Http.content(vllm.post("/v1/chat/completions", BODY.formatted(model, image(color))));
    }

    @Test
    void answersOnImagesAreVllmsOwn() throws Exception {
        vllm.assertSame(BODY.formatted("%s", image(Color.RED)), "one");
    }

    /** The catalog has found the decoder among the checkpoint's weights, and vLLM the adapters. */
    @Test
    void eachAdapterAnswersOtherwiseThanTheOther() throws Exception {
        assertThat(text("one", Color.RED)).isNotEqualTo(text("two", Color.RED));
    }

    @Test
    void theImageCounts() throws Exception {
        assertThat(text("two", Color.RED)).isNotEqualTo(text("two", Color.BLUE));
    }
}
