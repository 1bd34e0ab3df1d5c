package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.tritonserver.global.tritonserver;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Message;

/** Texts that Triton gives. */
final class TritonMessages {
    private TritonMessages() {}

    /** The JSON of a message, which is deleted. */
    static String json(PointerPointer<TRITONSERVER_Message> out) {
        TRITONSERVER_Message message = out.get(TRITONSERVER_Message.class);
        try (PointerPointer<Pointer> base = new PointerPointer<>(1);
                SizeTPointer bytes = new SizeTPointer(1)) {
            Errors.check(tritonserver.TRITONSERVER_MessageSerializeToJson(message, base, bytes));
            return text(base, bytes);
        } finally {
            Errors.check(tritonserver.TRITONSERVER_MessageDelete(message));
        }
    }

    /** A text that Triton gives; empty if there is none. */
    static String text(PointerPointer<Pointer> base, SizeTPointer bytes) {
        Pointer text = base.get();
        return text == null || text.isNull()
                ? ""
                : new String(
                        Memory.segment(text.address(), bytes.get()).toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.UTF_8);
    }
}
