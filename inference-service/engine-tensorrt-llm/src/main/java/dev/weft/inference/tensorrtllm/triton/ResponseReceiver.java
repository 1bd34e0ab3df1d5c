package dev.weft.inference.tensorrtllm.triton;

/**
 * Receives a request's responses on Triton's threads. While one of these methods runs, every stream
 * of the model waits: copy and queue, no more. For one request they are called one after the other.
 */
public interface ResponseReceiver {
    /** Outputs have come; read them at once. */
    void onResponse(TritonResponse response, boolean last);

    /** A response that is an error; others follow unless it is the last. */
    void onFailure(TritonException failure, boolean last);

    /** The last response has come and had no outputs. */
    void onEnd();

    /** Triton has let go of the request: what was lent to it may be freed. Nothing follows. */
    void onClosed();
}
