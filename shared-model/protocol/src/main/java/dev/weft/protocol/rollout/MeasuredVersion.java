package dev.weft.protocol.rollout;

import dev.weft.protocol.adapter.AdapterId;

/**
 * What is measured: a version, as far as requests for one name were given to it.
 *
 * @param name the name that clients asked for, and whose it is
 * @param adapter the adapter that the version is one of
 * @param number the version's number
 */
public record MeasuredVersion(AdapterId name, AdapterId adapter, int number) {
    public MeasuredVersion {
        if (number < 1) {
            throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
        }
    }
}
