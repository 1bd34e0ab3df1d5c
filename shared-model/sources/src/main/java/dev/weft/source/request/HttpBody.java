package dev.weft.source.request;

import dev.weft.source.download.RemoteBody;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.http.HttpAnswer;
import java.io.IOException;

/** The body of an answer with status 200, 206 or 416. */
public record HttpBody(RemoteFile file, HttpAnswer answer) implements RemoteBody {
    @Override
    public long start() {
        return switch (answer.status()) {
            case 206 -> FileHeaders.rangeStart(answer);
            case 416 -> NOTHING;
            default -> 0;
        };
    }

    @Override
    public int read(byte[] buffer) throws IOException {
        return answer.body().read(buffer);
    }

    @Override
    public void close() throws IOException {
        answer.close();
    }
}
