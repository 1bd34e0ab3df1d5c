package dev.weft.format.decoder;

import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/** The feed-forward part of a layer. */
public sealed interface FeedForward permits Dense, Experts {
    /** Elements between its linear layers. */
    int width();

    /** Its linear layers that an adapter may change, as the checkpoint has them. */
    List<LinearModule> modules();
}
