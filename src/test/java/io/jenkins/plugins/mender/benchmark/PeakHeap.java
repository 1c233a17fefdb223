package io.jenkins.plugins.mender.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The most heap that was in use, garbage included. The JVM knows no such figure, so a thread looks every few milliseconds. */
final class PeakHeap {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private volatile long bytes;

    private PeakHeap() {}

    static PeakHeap watch() {
        PeakHeap heap = new PeakHeap();
        Thread watcher = new Thread(heap::look, "peak heap");
        watcher.setDaemon(true);
        watcher.start();
        return heap;
    }

    private void look() {
        while (true) {
            bytes = Math.max(bytes, memory.getHeapMemoryUsage().getUsed());
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    long bytes() {
        return bytes;
    }
}
